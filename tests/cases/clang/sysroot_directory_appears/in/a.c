#include <place.h>
int place = PLACE;
