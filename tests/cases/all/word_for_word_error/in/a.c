#include "a.h"
int broken
