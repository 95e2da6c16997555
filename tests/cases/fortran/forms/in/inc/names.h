#define NAME say
