m::remove!();
