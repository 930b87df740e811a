// What a burst of work leaves behind.
#include "csystem.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif

void csys_release_memory(void) {
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}
