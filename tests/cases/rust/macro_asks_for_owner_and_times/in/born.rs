m::born!();
