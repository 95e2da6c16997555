.include "part.s"
