m::plain!();
