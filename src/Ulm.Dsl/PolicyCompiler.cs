namespace Ulm.Dsl;


public static class PolicyCompiler
{
}
