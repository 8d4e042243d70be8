// Code that breaks the order Left, Right in every way the scan must see: one class a way. Never run.
using Ulm.Engine.Tests.Architecture.Wrong.Right;

namespace Ulm.Engine.Tests.Architecture.Wrong.Left
{
    internal sealed class ByBase : Thing;

    internal sealed class ByInterface : IThing;

    internal sealed class ByField
    {
        public Thing? Field = null;
    }

    internal abstract class BySignature
    {
        public abstract Thing? Give();
    }

    internal abstract class ByGenericArgument
    {
        public abstract Dictionary<string, List<Thing[]>>? Give();
    }

    internal abstract class ByConstraint
    {
        public abstract void Take<T>()
            where T : IThing;
    }

    internal static class ByBody
    {
        public static string? Name() => new Thing().ToString();
    }

    internal static class ByMethodArgument
    {
        public static int Count() => Enumerable.Empty<object>().OfType<Thing>().Count();
    }

    internal static class ByLambda
    {
        public static Func<string?> Name() => static () => Thing.Made;
    }

    internal static class ByAsync
    {
        public static async Task<string?> NameAsync()
        {
            await Task.Yield();
            return Thing.Made;
        }
    }

    internal static class ByNested
    {
        internal static class Inner
        {
            public static string? Name() => Thing.Made;
        }
    }

    internal static class ByCatch
    {
        public static bool Try(Action act)
        {
            try
            {
                act();
                return true;
            }
            catch (ThingException)
            {
                return false;
            }
        }
    }

    [Marked(typeof(Thing))]
    internal static class ByAttribute;

    internal sealed class Innocent
    {
        public string Name { get; } = "";
    }
}

namespace Ulm.Engine.Tests.Architecture.Wrong.Right
{
    internal interface IThing;

    internal class Thing : IThing
    {
        public static string? Made { get; set; }

        public Left.Innocent? MayBeUsed { get; set; }
    }

    internal sealed class ThingException : Exception;
}

namespace Ulm.Engine.Tests.Architecture
{
    [AttributeUsage(AttributeTargets.Class)]
    internal sealed class MarkedAttribute(Type type) : Attribute
    {
        public Type Type => type;
    }
}
