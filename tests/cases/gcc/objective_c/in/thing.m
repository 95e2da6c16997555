#import <number.h>
@interface Thing
+ (int)number;
@end
@implementation Thing
+ (int)number { return kNumber; }
@end
int number(void) { return [Thing number]; }
