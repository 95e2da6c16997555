#define WHO __FILE__ " one"
