/* A disk that fails: calls that change files below one folder fail from a certain one on.

   Loaded by LD_PRELOAD before the C library. A call is of one kind: a write, a syncing, a renaming
   (or the making of a name), or a lock. fail_from(FOLDER, KIND, NUMBER, ERRNO, HOW_MANY) makes
   calls of KIND fail with ERRNO, from the NUMBER-th on, as many as HOW_MANY. With ENOSPC, a write
   of more than one byte stores its first half the first time, as a full disk does. calls() returns
   how many calls of KIND there were. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum { WRITE, SYNC, NAME, LOCK };

static char folder[PATH_MAX];
static size_t folder_length;
static int kind_failing = -1, error_number, how_many;
static long first, count;

void fail_from(const char *below, int kind, long number, int error, int many) {
  strncpy(folder, below, sizeof folder - 1);
  folder_length = strlen(folder);
  kind_failing = kind, first = number, error_number = error, how_many = many, count = 0;
}

long calls(void) { return count; }

static int below(const char *path) {
  return folder_length && strncmp(path, folder, folder_length) == 0 &&
         (path[folder_length] == '/' || path[folder_length] == '\0');
}

static int path_below(int at, const char *path) {
  char link[64], target[PATH_MAX];
  if (path[0] == '/') return below(path);
  if (at == AT_FDCWD) return getcwd(target, sizeof target) && below(target);
  snprintf(link, sizeof link, "/proc/self/fd/%d", at);
  ssize_t length = readlink(link, target, sizeof target - 1);
  if (length < 0) return 0;
  target[length] = '\0';
  return below(target);
}

/* Whether this call fails; the errno is set. */
static int fails(int kind, int is_below) {
  if (kind != kind_failing || !is_below) return 0;
  count++;
  if (count < first || count >= first + how_many) return 0;
  errno = error_number;
  return 1;
}

static int fails_at(int kind, int at, const char *path) {
  return kind == kind_failing && fails(kind, path_below(at, path));
}

static int fails_on(int kind, int descriptor) {
  return kind == kind_failing && fails(kind, path_below(descriptor, ""));
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

/* Returns how much of a write that fails is written. */
static size_t part(size_t size) {
  return error_number == ENOSPC && count == first && size > 1 ? size / 2 : 0;
}

#define WRITES(NAME, LAST_PARAMETERS, LAST)                                    \
  ssize_t NAME(int descriptor, const void *data, size_t size LAST_PARAMETERS) {\
    if (!fails_on(WRITE, descriptor))                                          \
      return REAL(NAME)(descriptor, data, size LAST);                          \
    if (part(size)) return REAL(NAME)(descriptor, data, part(size) LAST);      \
    errno = error_number;                                                      \
    return -1;                                                                 \
  }
#define COMMA ,
WRITES(write, , )
WRITES(pwrite, COMMA off_t offset, COMMA offset)
WRITES(pwrite64, COMMA off64_t offset, COMMA offset)

ssize_t writev(int descriptor, const struct iovec *pieces, int number) {
  return fails_on(WRITE, descriptor) ? -1 : REAL(writev)(descriptor, pieces, number);
}

int ftruncate(int descriptor, off_t size) {
  return fails_on(WRITE, descriptor) ? -1 : REAL(ftruncate)(descriptor, size);
}

int ftruncate64(int descriptor, off64_t size) {
  return fails_on(WRITE, descriptor) ? -1 : REAL(ftruncate64)(descriptor, size);
}

int fsync(int descriptor) { return fails_on(SYNC, descriptor) ? -1 : REAL(fsync)(descriptor); }

int fdatasync(int descriptor) {
  return fails_on(SYNC, descriptor) ? -1 : REAL(fdatasync)(descriptor);
}

int rename(const char *from, const char *to) {
  return fails_at(NAME, AT_FDCWD, to) ? -1 : REAL(rename)(from, to);
}

int renameat(int from_at, const char *from, int to_at, const char *to) {
  return fails_at(NAME, to_at, to) ? -1 : REAL(renameat)(from_at, from, to_at, to);
}

int mkdir(const char *path, mode_t mode) {
  return fails_at(NAME, AT_FDCWD, path) ? -1 : REAL(mkdir)(path, mode);
}

#define OPENS(NAME)                                                            \
  int NAME(const char *path, int flags, ...) {                                 \
    va_list rest;                                                              \
    va_start(rest, flags);                                                     \
    mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;                  \
    va_end(rest);                                                              \
    int made = flags & O_CREAT && kind_failing == NAME_KIND && access(path, F_OK) != 0; \
    if (made && fails_at(NAME_KIND, AT_FDCWD, path)) return -1;                \
    return REAL(NAME)(path, flags, mode);                                      \
  }
enum { NAME_KIND = NAME };
OPENS(open)
OPENS(open64)

#define LOCKS(NAME)                                                            \
  int NAME(int descriptor, int command, ...) {                                 \
    va_list rest;                                                              \
    va_start(rest, command);                                                   \
    void *argument = va_arg(rest, void *);                                     \
    va_end(rest);                                                              \
    int locks = command == F_SETLK || command == F_SETLKW;                     \
    if (locks && ((struct flock *)argument)->l_type != F_UNLCK &&              \
        fails_on(LOCK, descriptor))                                            \
      return -1;                                                               \
    return REAL(NAME)(descriptor, command, argument);                          \
  }
LOCKS(fcntl)
LOCKS(fcntl64)

int flock(int descriptor, int operation) {
  extern int flock(int, int);
  int locks = !(operation & 8); /* LOCK_UN */
  return locks && fails_on(LOCK, descriptor) ? -1 : REAL(flock)(descriptor, operation);
}
