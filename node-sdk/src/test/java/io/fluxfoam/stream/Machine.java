package io.fluxfoam.stream;

import io.fluxfoam.memory.Words;

import java.lang.classfile.Instruction;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.ConvertInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.IncrementInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.OperatorInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.classfile.instruction.StackInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.lang.constant.ClassDesc;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Runs a party's compiled code, from one access of shared words to the next. The code is what javac
 * made of the real classes; only here its frames and its objects' fields are plain numbers, so that
 * a point in its life can be kept, compared and gone on from as often as wanted.
 *
 * <p>A point is all that can influence what comes later: the method, the place in it, its operands
 * and its locals for each frame, and every field that is not final. A local that will be written
 * before it is read, or never read again, is 0 in it (found by the usual backward analysis of each
 * method), so that points which differ only in the past are one. Points are numbered; what comes
 * after one, given the result of its access, is computed once.
 *
 * <p>Understood is what the protocol's code consists of: numbers, fields, branches, calls. There is
 * no {@code new}, no array, no exception: code that comes to one of them ends the exploration with
 * an error.
 */
final class Machine {
    /** What a party does next. */
    enum Kind {
        READ,
        WRITE,
        COMPARE_AND_SET,
        AWAIT,
        END,
        FAIL
    }

    /** One access: of the word with this index; expected there; to be stored there. */
    record Op(Kind kind, int word, long expected, long value, String text) {}

    /** Gives words their indexes. */
    interface Index {
        int of(long offset);
    }

    /**
     * A call that a mutant of the code leaves out, going on with this result instead; both names
     * are CLASS.METHOD.
     */
    record Cut(String caller, String callee, long result) {}

    private static final int WORDS = 1;
    private static final long[] THE_END = {-1};

    private static final class Frame {
        private final int code;
        private int at;
        private final long[] locals;
        private final long[] operands = new long[16];
        private int depth;

        private Frame(int code, int maxLocals) {
            this.code = code;
            this.locals = new long[maxLocals];
        }

        private void push(long value) {
            operands[depth++] = value;
        }

        private long pop() {
            return operands[--depth];
        }
    }

    private record Key(long[] numbers) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Key key && Arrays.equals(numbers, key.numbers);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(numbers);
        }
    }

    private final Words shared;
    private final Index index;
    private final List<Cut> cuts;
    private final Set<Cut> leftOut = new HashSet<>();
    private final List<MachineCode> codes = new ArrayList<>();
    private final Map<String, Integer> codeOf = new HashMap<>();
    private final List<Object> objects = new ArrayList<>(Arrays.asList(null, null));
    private final Map<String, Integer> fieldAt = new HashMap<>();
    private final List<Long> firstFields = new ArrayList<>();
    private final Map<Key, Integer> pointOf = new HashMap<>();
    private final List<long[]> points = new ArrayList<>();
    private final List<Op> ops = new ArrayList<>();
    private final ArrayList<Frame> frames = new ArrayList<>();
    private long[] fields;

    /** A machine about to run this program on these words. */
    Machine(Runnable program, Words shared, Index index, List<Cut> cuts) {
        this.shared = shared;
        this.index = index;
        this.cuts = cuts;
        int self = importObject(program);
        fields = firstFields.stream().mapToLong(Long::longValue).toArray();
        enter(code(program.getClass(), "run", "()V"), new long[] {self});
        intern(proceed());
    }

    /** What happens next at a point; 0 is the first. */
    Op op(int point) {
        return ops.get(point);
    }

    int points() {
        return points.size();
    }

    boolean hasLeftOut(Cut cut) {
        return leftOut.contains(cut);
    }

    /** The point after this one, if its access had this result. */
    int next(int point, long result) {
        restore(points.get(point));
        Frame frame = frames.getLast();
        InvokeInstruction call = (InvokeInstruction) codes.get(frame.code).instructions()[frame.at];
        frame.depth -= arguments(call) + (call.opcode() == Opcode.INVOKESTATIC ? 0 : 1);
        if (!call.type().stringValue().endsWith("V")) {
            frame.push(result);
        }
        frame.at++;
        return intern(proceed());
    }

    private static int arguments(InvokeInstruction call) {
        return call.typeSymbol().parameterCount();
    }

    // points

    private int intern(Op op) {
        long[] numbers =
                op.kind == Kind.END
                        ? THE_END
                        : op.kind == Kind.FAIL ? new long[] {-2, points.size()} : freeze();
        return pointOf.computeIfAbsent(
                new Key(numbers),
                _ -> {
                    points.add(numbers);
                    ops.add(op);
                    return points.size() - 1;
                });
    }

    private long[] freeze() {
        int size = fields.length;
        for (Frame frame : frames) {
            size += 2 + frame.locals.length + frame.depth;
        }
        long[] numbers = Arrays.copyOf(fields, size);
        int at = fields.length;
        for (Frame frame : frames) {
            numbers[at++] = (long) frame.code << 32 | frame.at;
            numbers[at++] = frame.depth;
            long live = codes.get(frame.code).live()[frame.at];
            for (int local = 0; local < frame.locals.length; local++) {
                numbers[at++] = (live >>> local & 1) != 0 ? frame.locals[local] : 0;
            }
            System.arraycopy(frame.operands, 0, numbers, at, frame.depth);
            at += frame.depth;
        }
        return numbers;
    }

    private void restore(long[] numbers) {
        frames.clear();
        System.arraycopy(numbers, 0, fields, 0, fields.length);
        for (int at = fields.length; at < numbers.length; ) {
            int code = (int) (numbers[at] >>> 32);
            Frame frame = new Frame(code, codes.get(code).maxLocals());
            frame.at = (int) numbers[at++];
            frame.depth = (int) numbers[at++];
            System.arraycopy(numbers, at, frame.locals, 0, frame.locals.length);
            at += frame.locals.length;
            System.arraycopy(numbers, at, frame.operands, 0, frame.depth);
            at += frame.depth;
            frames.add(frame);
        }
    }

    // objects

    private int importObject(Object object) {
        if (object == null) {
            return 0;
        }
        if (object == shared) {
            return WORDS;
        }
        for (int id = WORDS + 1; id < objects.size(); id++) {
            if (objects.get(id) == object) {
                return id;
            }
        }
        objects.add(object);
        int id = objects.size() - 1;
        for (Field field : object.getClass().getDeclaredFields()) {
            if (!Modifier.isStatic(field.getModifiers())) {
                Object value = value(field, object);
                long number =
                        value instanceof Number || value instanceof Boolean
                                ? number(value)
                                : importObject(value);
                fieldAt.put(id + field.getName(), firstFields.size());
                firstFields.add(number);
            }
        }
        return id;
    }

    private static Object value(Field field, Object object) {
        try {
            field.setAccessible(true);
            return field.get(object);
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    private static long number(Object value) {
        return value instanceof Boolean is ? is ? 1 : 0 : ((Number) value).longValue();
    }

    // running

    private Op proceed() {
        while (!frames.isEmpty()) {
            Frame frame = frames.getLast();
            MachineCode code = codes.get(frame.code);
            Op op = execute(frame, code, code.instructions()[frame.at]);
            if (op != null) {
                return op;
            }
        }
        return new Op(Kind.END, 0, 0, 0, "end");
    }

    /**
     * Does one instruction; returns an access of shared words, which is left to others, or null.
     */
    private Op execute(Frame frame, MachineCode code, Instruction instruction) {
        switch (instruction) {
            case LoadInstruction load -> frame.push(frame.locals[load.slot()]);
            case StoreInstruction store -> frame.locals[store.slot()] = frame.pop();
            case IncrementInstruction increment ->
                    frame.locals[increment.slot()] =
                            (int) frame.locals[increment.slot()] + increment.constant();
            case ConstantInstruction constant ->
                    frame.push(
                            constant.constantValue() instanceof Number number
                                    ? number.longValue()
                                    : 0);
            case ConvertInstruction convert -> frame.push(convert(convert.opcode(), frame.pop()));
            case OperatorInstruction operator -> operate(frame, operator.opcode());
            case StackInstruction stack -> shuffle(frame, stack.opcode());
            case FieldInstruction field -> access(frame, field);
            case BranchInstruction branch -> {
                frame.at =
                        branches(frame, branch.opcode()) ? code.targets()[frame.at] : frame.at + 1;
                return null;
            }
            case ReturnInstruction result -> {
                frames.removeLast();
                if (result.typeKind() != TypeKind.VOID && !frames.isEmpty()) {
                    frames.getLast().push(frame.pop());
                }
                return null;
            }
            case InvokeInstruction call -> {
                return invoke(frame, code, call);
            }
            default ->
                    throw new AssertionError("not understood: " + code.name() + " " + instruction);
        }
        frame.at++;
        return null;
    }

    private static long convert(Opcode opcode, long value) {
        return switch (opcode) {
            case I2L -> value;
            case L2I -> (int) value;
            default -> throw new AssertionError("not understood: " + opcode);
        };
    }

    private static void operate(Frame frame, Opcode opcode) {
        long b = frame.pop();
        long a = frame.pop();
        frame.push(
                switch (opcode) {
                    case LADD -> a + b;
                    case LSUB -> a - b;
                    case LMUL -> a * b;
                    case LAND, IAND -> a & b;
                    case LOR, IOR -> a | b;
                    case LXOR, IXOR -> a ^ b;
                    case LSHL -> a << b;
                    case LUSHR -> a >>> b;
                    case LCMP -> Long.compare(a, b);
                    case IADD -> (int) (a + b);
                    case ISUB -> (int) (a - b);
                    case IMUL -> (int) (a * b);
                    case ISHL -> (int) a << b;
                    default -> throw new AssertionError("not understood: " + opcode);
                });
    }

    /** An entry is a number of any size; the code has the forms with two slots for longs only. */
    private static void shuffle(Frame frame, Opcode opcode) {
        switch (opcode) {
            case POP, POP2 -> frame.pop();
            case DUP, DUP2 -> frame.push(frame.operands[frame.depth - 1]);
            case DUP_X1, DUP2_X1 -> {
                long top = frame.pop();
                long below = frame.pop();
                frame.push(top);
                frame.push(below);
                frame.push(top);
            }
            default -> throw new AssertionError("not understood: " + opcode);
        }
    }

    private void access(Frame frame, FieldInstruction field) {
        String name = field.name().stringValue();
        switch (field.opcode()) {
            case GETFIELD -> frame.push(fields[fieldAt.get(frame.pop() + name)]);
            case PUTFIELD -> {
                long value = frame.pop();
                fields[fieldAt.get(frame.pop() + name)] = value;
            }
            case GETSTATIC -> {
                try {
                    Field constant = load(field.owner().asSymbol()).getDeclaredField(name);
                    if (!Modifier.isFinal(constant.getModifiers())) {
                        throw new AssertionError("not understood: a static variable, " + constant);
                    }
                    frame.push(number(value(constant, null)));
                } catch (NoSuchFieldException e) {
                    throw new AssertionError(e);
                }
            }
            default -> throw new AssertionError("not understood: " + field);
        }
    }

    private static boolean branches(Frame frame, Opcode opcode) {
        if (opcode == Opcode.GOTO) {
            return true;
        }
        long b =
                switch (opcode) {
                    case IF_ICMPEQ,
                            IF_ICMPNE,
                            IF_ICMPLT,
                            IF_ICMPGE,
                            IF_ICMPGT,
                            IF_ICMPLE,
                            IF_ACMPEQ,
                            IF_ACMPNE ->
                            frame.pop();
                    default -> 0;
                };
        long a = frame.pop();
        return switch (opcode) {
            case IFEQ, IF_ICMPEQ, IF_ACMPEQ, IFNULL -> a == b;
            case IFNE, IF_ICMPNE, IF_ACMPNE, IFNONNULL -> a != b;
            case IFLT, IF_ICMPLT -> a < b;
            case IFGE, IF_ICMPGE -> a >= b;
            case IFGT, IF_ICMPGT -> a > b;
            case IFLE, IF_ICMPLE -> a <= b;
            default -> throw new AssertionError("not understood: " + opcode);
        };
    }

    // calls

    private Op invoke(Frame frame, MachineCode caller, InvokeInstruction call) {
        ClassDesc owner = call.owner().asSymbol();
        String name = call.name().stringValue();
        boolean isStatic = call.opcode() == Opcode.INVOKESTATIC;
        int count = arguments(call) + (isStatic ? 0 : 1);
        int first = frame.depth - count;
        Cut cut = cut(caller.name(), owner.displayName() + "." + name);
        boolean isWords = owner.descriptorString().equals(Words.class.descriptorString());
        if (cut != null || isWords && name.equals("fullFence")) {
            frame.depth = first; // a fence orders nothing that is not in order already
            if (!call.type().stringValue().endsWith("V")) {
                frame.push(cut.result);
            }
            frame.at++;
            return null;
        }
        long[] values = Arrays.copyOfRange(frame.operands, first, frame.depth);
        if (isWords) {
            return access(name, values);
        }
        if (owner.descriptorString().equals(Interleavings.class.descriptorString())) {
            if (name.equals("awaitSet")) {
                return new Op(Kind.AWAIT, index.of(values[1]), 0, 0, name);
            }
            if (values[0] == 0) {
                return new Op(Kind.FAIL, 0, 0, 0, message(caller, frame.at));
            }
            frame.depth = first;
            frame.at++;
            return null;
        }
        frame.depth = first;
        frame.at++;
        if (owner.descriptorString().equals(Math.class.descriptorString())) {
            frame.push(
                    name.equals("max")
                            ? Math.max(values[0], values[1])
                            : Math.min(values[0], values[1]));
            return null;
        }
        Class<?> type = isStatic ? load(owner) : objects.get((int) values[0]).getClass();
        long[] slots = new long[2 * count];
        int slot = 0;
        for (int i = 0; i < count; i++) {
            slots[slot++] = values[i];
            if (i >= count - arguments(call)) {
                ClassDesc parameter =
                        call.typeSymbol().parameterType(i - (count - arguments(call)));
                slot += TypeKind.from(parameter).slotSize() - 1;
            }
        }
        enter(code(type, name, call.type().stringValue()), Arrays.copyOf(slots, slot));
        return null;
    }

    private Op access(String name, long[] values) {
        int word = index.of(values[1]);
        return switch (name) {
            case "get", "getAcquire", "getInt", "getIntAcquire" ->
                    new Op(Kind.READ, word, 0, 0, name);
            case "set", "setRelease", "setInt", "setIntRelease" ->
                    new Op(Kind.WRITE, word, 0, values[2], name);
            case "compareAndSet" -> new Op(Kind.COMPARE_AND_SET, word, values[2], values[3], name);
            default -> throw new AssertionError("not understood: Words." + name);
        };
    }

    private Cut cut(String caller, String callee) {
        for (Cut cut : cuts) {
            if (cut.caller.equals(caller) && cut.callee.equals(callee)) {
                leftOut.add(cut);
                return cut;
            }
        }
        return null;
    }

    private static String message(MachineCode caller, int at) {
        return caller.instructions()[at - 1] instanceof ConstantInstruction constant
                ? constant.constantValue().toString()
                : caller.name();
    }

    private void enter(int code, long[] arguments) {
        Frame frame = new Frame(code, codes.get(code).maxLocals());
        System.arraycopy(arguments, 0, frame.locals, 0, arguments.length);
        frames.add(frame);
    }

    // code

    private static Class<?> load(ClassDesc description) {
        try {
            return Class.forName(description.packageName() + "." + description.displayName());
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    private int code(Class<?> type, String name, String descriptor) {
        String key = type.getName() + "." + name + descriptor;
        Integer known = codeOf.get(key);
        if (known != null) {
            return known;
        }
        codes.add(MachineCode.read(type, name, descriptor));
        codeOf.put(key, codes.size() - 1);
        return codes.size() - 1;
    }
}
