// How long OpenMP's threads spin while they wait for each other, settled before the program begins.
//
// libgomp, on which LibTorch and oneDNN compute, lets a thread that waits spin for 300,000 rounds: 3 to 10 ms, longer than the scheduler's slice. On a machine
// with something else to do, each of a network's dozens of joins then costs a whole slice: with one of two cores taken EfficientNet-Lite0 answers in 387 ms
// instead of 11, and is trained at 2.3 instead of 17 img/s (docs/benchmarks.md, "a busy machine"). After kRounds rounds, some tenths of a millisecond, the
// thread sleeps: as fast on a quiet machine, and a busy one gives what is left of it.
//
// libgomp reads this from the environment alone, when it is loaded, which is before main(). So a program that has no such variable starts itself once more with
// it, from .preinit_array (System V ABI, "Initialization and Termination Functions"): after relocation, before any library has done anything. That takes some
// milliseconds, keeps the number of the process and what it was given, and passes to the programs that it starts. Who has set either variable is obeyed.
#include <cstddef>
#include <string_view>
#include <sys/auxv.h>
#include <unistd.h>

namespace {

constexpr std::string_view kSpin = "GOMP_SPINCOUNT=";
constexpr std::string_view kPolicy = "OMP_WAIT_POLICY=";
char kRounds[] = "GOMP_SPINCOUNT=10000";

/// Neither memory nor anything else of the C library's is ready yet: the stack and system calls only.
void waitBriefly(int, char **arguments, char **environment)
{
    std::size_t count = 0;
    for (; environment[count]; ++count)
        if (const std::string_view variable = environment[count]; variable.starts_with(kSpin) || variable.starts_with(kPolicy))
            return;
    if (::getauxval(AT_BASE) == 0) // started through the loader by name: the link below would be the loader
        return;
    char program[4096];
    const ssize_t length = ::readlink("/proc/self/exe", program, sizeof program - 1);
    if (length <= 0)
        return;
    program[length] = '\0';
    auto **const variables = static_cast<char **>(__builtin_alloca((count + 2) * sizeof(char *)));
    for (std::size_t i = 0; i < count; ++i)
        variables[i] = environment[i];
    variables[count] = kRounds;
    variables[count + 1] = nullptr;
    ::execve(program, arguments, variables); // where it fails the program goes on as it is
}

[[gnu::section(".preinit_array"), gnu::used]] void (*const kBeforeAnything)(int, char **, char **) = &waitBriefly;

} // namespace
