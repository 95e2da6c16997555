#define MAC 3
