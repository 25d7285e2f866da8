using System.Text;

namespace Headgate.Proxy.Plugins;

/// <summary>Changes of a message's header fields, of a request or an answer. Used by the request's flow.</summary>
public abstract class FieldEdits
{
    /// <summary>Lines that are added, each with its CRLF.</summary>
    internal ReadOnlySpan<byte> Lines => Added.Bytes;

    private protected FieldLines Added { get; } = new();

    /// <summary>Sends a field besides those of that name that are there.</summary>
    /// <exception cref="ArgumentException">The field is the gateway's (<c>IsGateways</c>), the name no token, or the value has a control character.</exception>
    public void Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (IsFixed(name))
            throw new ArgumentException($"{Encoding.Latin1.GetString(name)} is written by the gateway itself");
        Added.Add(name, value);
    }

    /// <summary>Sends a field in place of those of that name.</summary>
    /// <exception cref="ArgumentException">As <see cref="Add"/>.</exception>
    public void Set(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        Remove(name);
        Add(name, value);
    }

    /// <summary>Sends no field of that name.</summary>
    public abstract void Remove(ReadOnlySpan<byte> name);

    /// <summary>Whether a field of that name is the gateway's to write.</summary>
    private protected abstract bool IsFixed(ReadOnlySpan<byte> name);
}
