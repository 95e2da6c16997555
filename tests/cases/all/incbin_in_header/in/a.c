#include "inc.h"
EMBED("blob")
