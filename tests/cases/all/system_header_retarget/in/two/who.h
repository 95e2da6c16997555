#define WHO __FILE__ " two"
