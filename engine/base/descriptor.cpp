#include "engine/base/descriptor.h"

#include <unistd.h>

namespace whisker {

Descriptor::~Descriptor()
{
    if (value >= 0)
        ::close(value);
}

} // namespace whisker
