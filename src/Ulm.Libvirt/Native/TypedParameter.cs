using System.Runtime.InteropServices;

namespace Ulm.Libvirt.Native;

/// <summary><c>virTypedParameter</c> of libvirt-common.h: a name, a type and a union of values.</summary>
[StructLayout(LayoutKind.Explicit, Size = 96)]
internal unsafe struct TypedParameter
{
    private const int FieldLength = 80;
    private const int Int = 1, UInt = 2, LLong = 3, ULLong = 4, Double = 5, Boolean = 6;

    [FieldOffset(0)] private fixed byte _field[FieldLength];
    [FieldOffset(80)] private readonly int _type;
    [FieldOffset(88)] private readonly int _int;
    [FieldOffset(88)] private readonly uint _uint;
    [FieldOffset(88)] private readonly long _long;
    [FieldOffset(88)] private readonly ulong _ulong;
    [FieldOffset(88)] private readonly double _double;
    [FieldOffset(88)] private readonly byte _bool;

    /// <summary>The name in UTF-8, without its NUL. Valid only as long as the native list lives.</summary>
    public static ReadOnlySpan<byte> Name(TypedParameter* parameter)
    {
        var field = new ReadOnlySpan<byte>(parameter->_field, FieldLength);
        var end = field.IndexOf((byte)0);
        return end < 0 ? field : field[..end];
    }

    /// <summary>
    /// Any numeric type as a 64-bit integer; null for strings. Values beyond it, and negative "unknown" marks of unsigned ones, saturate.
    /// </summary>
    public readonly long? AsInt64() => _type switch
    {
        Int => _int,
        UInt => _uint,
        LLong => _long,
        ULLong => _ulong > long.MaxValue ? long.MaxValue : (long)_ulong,
        Double => (long)_double,
        Boolean => _bool != 0 ? 1 : 0,
        _ => null,
    };
}
