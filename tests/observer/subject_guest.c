// A library that is loaded late.
int guest_number = 7;
