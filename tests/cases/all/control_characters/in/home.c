#include "HOME"
int h = H;
