#include <place>
int place = PLACE;
