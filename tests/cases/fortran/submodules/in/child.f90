submodule (parent) child
contains
  module subroutine give(n)
    integer, intent(out) :: n
    n = hidden
  end subroutine
end submodule
