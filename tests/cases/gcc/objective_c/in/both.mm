#import <number.h>
@class Thing;
template <class T> int number_of(T) { return kNumber; }
int number(Thing *thing) { return number_of(thing); }
