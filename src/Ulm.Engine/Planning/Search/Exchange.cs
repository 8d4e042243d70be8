namespace Ulm.Engine.Planning.Search;

/// <summary>Up to two VMs of one host; either may be <see cref="Draft.Nobody"/>.</summary>
internal readonly record struct Bundle(int A, int B);

/// <summary>VMs <paramref name="Leave"/> from their host for <paramref name="To"/>, and VMs <paramref name="Come"/> the other way.</summary>
internal readonly record struct Exchange(Bundle Leave, Bundle Come, int To);
