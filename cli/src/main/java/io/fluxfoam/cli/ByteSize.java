package io.fluxfoam.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number of bytes as people write it: {@code 4096}, {@code 500M}, {@code 2G}; a thousand of each
 * is 1024.
 *
 * @param bytes above 0
 */
record ByteSize(long bytes) {
    private static final Pattern FORM = Pattern.compile("(\\d{1,12})([KMGT]?)");
    private static final String UNITS = "KMGT";

    /** From text. */
    static final class Converter implements ITypeConverter<ByteSize> {
        @Override
        public ByteSize convert(String text) {
            Matcher matcher = FORM.matcher(text);
            if (!matcher.matches() || Long.parseLong(matcher.group(1)) == 0) {
                throw new TypeConversionException("wanted a size such as 500M or 2G: " + text);
            }
            int unit = matcher.group(2).isEmpty() ? 0 : UNITS.indexOf(matcher.group(2)) + 1;
            try {
                return new ByteSize(
                        Math.multiplyExact(Long.parseLong(matcher.group(1)), 1L << 10 * unit));
            } catch (ArithmeticException e) {
                throw new TypeConversionException("too large: " + text);
            }
        }
    }
}
