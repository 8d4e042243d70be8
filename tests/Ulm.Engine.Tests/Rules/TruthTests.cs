using Ulm.Engine.Rules;
using static Ulm.Engine.Rules.Truth;

namespace Ulm.Engine.Tests.Rules;

public class TruthTests
{
    [Theory]
    [InlineData(False, False, False, False)]
    [InlineData(False, Unknown, False, Unknown)]
    [InlineData(False, True, False, True)]
    [InlineData(Unknown, False, False, Unknown)]
    [InlineData(Unknown, Unknown, Unknown, Unknown)]
    [InlineData(Unknown, True, Unknown, True)]
    [InlineData(True, False, False, True)]
    [InlineData(True, Unknown, Unknown, True)]
    [InlineData(True, True, True, True)]
    public void And_or(Truth a, Truth b, Truth and, Truth or)
    {
        Assert.Equal(and, TruthLogic.And(a, b));
        Assert.Equal(or, TruthLogic.Or(a, b));
    }

    [Theory]
    [InlineData(False, True)]
    [InlineData(Unknown, Unknown)]
    [InlineData(True, False)]
    public void Not(Truth a, Truth not) => Assert.Equal(not, TruthLogic.Not(a));
}
