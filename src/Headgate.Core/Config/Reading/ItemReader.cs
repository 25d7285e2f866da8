using System.Text.Json;

namespace Headgate.Core.Config.Reading;

/// <summary>Reads one item of a list; false, and reported, when it is wrong.</summary>
public delegate bool ItemReader<T>(JsonElement value, Location at, Findings findings, out T item);
