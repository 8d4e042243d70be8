namespace Ulm.Dsl;

/// <summary>One policy file as handed to the compiler, which never reads files itself.</summary>
/// <param name="Name">As shown to the user, for example <c>policies/night.ulm</c>.</param>
public sealed record SourceText(string Name, string Text);
