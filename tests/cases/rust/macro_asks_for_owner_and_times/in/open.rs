m::open!();
