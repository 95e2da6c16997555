#include "a b.h"
#include "d$e.h"
#include "f#g.h"
#include "h:i.h"
int value = A + B + C + D;
