#include "part/h.h"
