package io.fluxfoam.bench.ipc;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes as people write them: 1KB, 64KB, 16MB, 1GB, or bytes. Powers of 1,024. */
public final class Sizes implements ITypeConverter<Long> {
    private static final Pattern SIZE =
            Pattern.compile("(\\d{1,10})([KMG]?)B?", Pattern.CASE_INSENSITIVE);
    private static final String UNITS = "KMG";
    private static final long WORD_BYTES = 32;
    private static final long MAX_BYTES = 1L << 32;

    @Override
    public Long convert(String text) {
        Matcher matcher = SIZE.matcher(text.strip());
        if (!matcher.matches()) {
            throw new TypeConversionException("wanted a size such as 64KB: " + text);
        }
        int power =
                matcher.group(2).isEmpty()
                        ? 0
                        : 1 + UNITS.indexOf(matcher.group(2).toUpperCase(java.util.Locale.ROOT));
        long bytes = Long.parseLong(matcher.group(1)) << 10 * power;
        if (bytes < Message.MIN_BYTES || bytes > MAX_BYTES || bytes % WORD_BYTES != 0) {
            throw new TypeConversionException(
                    "size="
                            + bytes
                            + " must be "
                            + Message.MIN_BYTES
                            + " to "
                            + MAX_BYTES
                            + " bytes and a multiple of "
                            + WORD_BYTES);
        }
        return bytes;
    }

    /** A size with the largest unit that it is a whole number of. */
    public static String text(long bytes) {
        int power = 0;
        long value = bytes;
        while (power < UNITS.length() && value >= 1024 && value % 1024 == 0) {
            value /= 1024;
            power++;
        }
        return value + (power == 0 ? " B" : " " + UNITS.charAt(power - 1) + "B");
    }
}
