m::table!();
