// Handles that name a descriptor of a living process.
#define _GNU_SOURCE
#include "stub.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// Clock ticks since boot at which a process started, 0 if it is gone: with the pid it names one process for ever.
static uint64_t started(int pid) {
    char path[64];
    char stat[1024];
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return 0;
    }
    ssize_t bytes = read(fd, stat, sizeof stat - 1);
    close(fd);
    if (bytes <= 0) {
        return 0;
    }
    stat[bytes] = '\0';
    char *field = strrchr(stat, ')');
    if (field == NULL || field[2] == 'Z' || field[2] == 'X') {
        return 0;
    }
    for (int number = 2; number < 22 && field != NULL; number++) { // field 22, see proc(5)
        field = strchr(field + 1, ' ');
    }
    return field == NULL ? 0 : strtoull(field, NULL, 10);
}

int export_fd(Handle *handle, uint32_t magic, int fd, size_t bytes) {
    struct stat status;
    if (fstat(fd, &status) != 0) {
        return INVALID_VALUE;
    }
    Export own = {magic, getpid(), started(getpid()), fd, 0, bytes, status.st_ino};
    memset(handle, 0, sizeof *handle);
    memcpy(handle, &own, sizeof own);
    return SUCCESS;
}

int import_fd(const Handle *handle, uint32_t magic, Export *from, int *fd) {
    memcpy(from, handle, sizeof *from);
    if (from->magic != magic) {
        return INVALID_VALUE;
    }
    if (from->pid == getpid() && from->started == started(getpid())) {
        return INVALID_CONTEXT;
    }
    if (from->started == 0 || started(from->pid) != from->started) {
        return INVALID_HANDLE;
    }
    char path[64];
    struct stat status;
    snprintf(path, sizeof path, "/proc/%d/fd/%d", from->pid, from->fd);
    *fd = open(path, O_RDWR | O_CLOEXEC);
    if (*fd < 0) {
        return INVALID_HANDLE;
    }
    if (fstat(*fd, &status) != 0 || status.st_ino != from->inode) {
        close(*fd);
        return INVALID_HANDLE;
    }
    return SUCCESS;
}
