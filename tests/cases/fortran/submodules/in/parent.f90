module parent
  implicit none
  private
  integer :: hidden = 1
  public :: give
  interface
    module subroutine give(n)
      integer, intent(out) :: n
    end subroutine
  end interface
end module
