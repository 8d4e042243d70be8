using Ulm.Dsl.Parsing;

namespace Ulm.Dsl.Editing;

/// <summary>Names that an author may choose.</summary>
public static class NewName
{
    private static readonly string[] ForAttributes = ["host.", "vm.", "cluster."];

    /// <summary>Whether a word can be the name of a definition or rule as it stands, without quotes.</summary>
    public static bool IsUsable(string word) =>
        word.Length > 0 && (char.IsLetter(word[0]) || word[0] == '_') && word.All(Scanner.IsWordPart) && word[^1] is not ('.' or '-')
        && !Vocabulary.Keywords.Contains(word) && !Vocabulary.ReservedInConditions.Contains(word) && !ForAttributes.Any(word.StartsWith);
}
