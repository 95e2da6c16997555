#include <newest>
int newest = NEWEST;
