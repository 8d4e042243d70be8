namespace Ulm.Engine.Rules;

/// <summary>Three-valued logic (Kleene): what is not known is neither true nor false.</summary>
public enum Truth : sbyte
{
    False = -1,
    Unknown = 0,
    True = 1,
}

public static class TruthLogic
{
    public static Truth And(Truth a, Truth b) => a < b ? a : b;

    public static Truth Or(Truth a, Truth b) => a > b ? a : b;

    public static Truth Not(Truth a) => (Truth)(-(sbyte)a);
}
