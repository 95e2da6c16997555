#import <number.h>
@class Thing;
int is_number(Thing *thing) { return thing != 0 && kNumber == 3; }
