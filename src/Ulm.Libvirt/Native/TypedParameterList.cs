namespace Ulm.Libvirt.Native;

/// <summary>
/// A typed-parameter list built up for one call (<c>virTypedParamsAdd*</c>) and freed with it (<c>virTypedParamsFree</c>). One thread.
/// </summary>
internal sealed class TypedParameterList(string uri) : IDisposable
{
    private nint _list;
    private int _count;
    private int _capacity;

    public nint Pointer => _list;
    public uint Count => (uint)_count;

    public void Add(string name, ulong value) =>
        LastError.Check(LibvirtApi.virTypedParamsAddULLong(ref _list, ref _count, ref _capacity, name, value), "virTypedParamsAddULLong", uri);

    public void Add(string name, int value) =>
        LastError.Check(LibvirtApi.virTypedParamsAddInt(ref _list, ref _count, ref _capacity, name, value), "virTypedParamsAddInt", uri);

    public void Add(string name, string value) =>
        LastError.Check(LibvirtApi.virTypedParamsAddString(ref _list, ref _count, ref _capacity, name, value), "virTypedParamsAddString", uri);

    public void Dispose()
    {
        if (_list != 0) LibvirtApi.virTypedParamsFree(_list, _count);
        _list = 0;
    }
}
