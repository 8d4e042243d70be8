namespace Ulm.Dsl.Parsing;

/// <summary>A part of a sentence as the grammar calls it, or one of its tokens.</summary>
/// <param name="name">Of the part; of a token, what it was taken for.</param>
internal sealed class TreeNode(string name)
{
    /// <summary>A part that is not there.</summary>
    public static readonly TreeNode None = new("");

    // Longer than what is in it where a list has grown.
    private TreeNode[] _children = [];
    private int _count;

    public string Name => name;

    /// <summary>Index of its first token, and of the one behind its last; equal where the part has none.</summary>
    public int First { get; private set; }

    public int End { get; private set; }

    public bool IsToken { get; private init; }

    public ArraySegment<TreeNode> Children => new(_children, 0, _count);

    public bool IsEmpty => First == End;

    public static TreeNode OfToken(string term, int index) => new(term) { First = index, End = index + 1, IsToken = true };

    /// <param name="children">The node's own from here on.</param>
    public static TreeNode Of(string part, TreeNode[] children)
    {
        var node = new TreeNode(part) { _children = children, _count = children.Length };
        foreach (var child in children)
            node.Cover(child);
        return node;
    }

    /// <summary>Makes a list longer.</summary>
    public void Add(TreeNode child)
    {
        if (_count == _children.Length)
            Array.Resize(ref _children, Math.Max(4, _count * 2));
        _children[_count++] = child;
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
