// Prints the processor time of a process so far, of all its threads, also those that have ended, in
// nanoseconds.
//
// Usage: processor_time PID

#include <cstdio>
#include <cstdlib>
#include <ctime>

int main(int argc, char** argv) {
  clockid_t clock{};
  timespec time{};
  if (argc != 2 || ::clock_getcpuclockid(std::atoi(argv[1]), &clock) != 0 ||
      ::clock_gettime(clock, &time) != 0) {
    std::fprintf(stderr, "usage: processor_time PID\n");
    return 1;
  }
  std::printf("%lld\n", static_cast<long long>(time.tv_sec) * 1'000'000'000 + time.tv_nsec);
  return 0;
}
