m::device!();
