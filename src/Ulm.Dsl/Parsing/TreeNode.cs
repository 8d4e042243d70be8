namespace Ulm.Dsl.Parsing;

/// <summary>A part of a sentence as the grammar calls it, or one of its tokens.</summary>
/// <param name="name">Of the part; of a token, what it was taken for.</param>
internal sealed class TreeNode(string name)
{
    private static readonly List<TreeNode> None = [];

    public string Name => name;

    /// <summary>Index of its first token, and of the one behind its last; equal where the part has none.</summary>
    public int First { get; private set; }

    public int End { get; private set; }

    public bool IsToken { get; private init; }

    public List<TreeNode> Children { get; private init; } = None;

    public bool IsEmpty => First == End;

    public static TreeNode OfToken(string term, int index) => new(term) { First = index, End = index + 1, IsToken = true };

    public static TreeNode Of(string part, List<TreeNode> children)
    {
        var node = new TreeNode(part) { Children = children };
        foreach (var child in children)
            node.Cover(child);
        return node;
    }

    /// <summary>Makes a list longer.</summary>
    public void Add(TreeNode child)
    {
        Children.Add(child);
        Cover(child);
    }

    private void Cover(TreeNode child)
    {
        if (child.IsEmpty)
            return;
        if (IsEmpty)
            First = child.First;
        End = child.End;
    }
}
