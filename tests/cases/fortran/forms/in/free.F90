#include "names.h"
subroutine NAME()
#ifdef TWO
  print *, __FILE__, 2
#else
  print *, 1
#endif
end subroutine
