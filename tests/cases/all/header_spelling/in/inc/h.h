#define HERE __FILE__
