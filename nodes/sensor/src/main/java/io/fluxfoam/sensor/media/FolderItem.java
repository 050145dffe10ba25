package io.fluxfoam.sensor.media;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;

/**
 * What of a folder belongs together by name.
 *
 * @param name of its files without what tells them apart, from the folder on; each char is one byte
 * @param picture a picture, or a film that has some; null if it has none
 * @param sound a recording, or a film that has sound; null if it has none
 * @param caption null if it has none
 */
record FolderItem(
        String name, @Nullable Path picture, @Nullable Path sound, @Nullable String caption) {}
