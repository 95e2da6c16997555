m::given!();
