using System.Globalization;
using System.Security;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Headgate.Proxy.Plugins.Mocking;

/// <summary>Makes a body up. For answers that are for trying things out: takes memory for each.</summary>
internal sealed class MockWriter(Draws draws)
{
    private const int ItemsMax = 3;
    private const int LettersMax = 10;
    private const int NumberMax = 10_000;

    private readonly StringBuilder _text = new();

    /// <summary>As JSON.</summary>
    public string Json(MockValue value)
    {
        WriteJson(value);
        return _text.ToString();
    }

    /// <summary>As XML, in the form that xml2lua gives it: an element <c>data</c>, a line for each value.</summary>
    public string Xml(MockValue value)
    {
        _text.Append("<data>\n");
        foreach (MockValue member in value.Parts)
            WriteXml(member);
        return _text.Append("</data>\n").ToString();
    }

    private void WriteJson(MockValue value)
    {
        switch (value.Type)
        {
            case MockType.Object:
                string comma = "{";
                foreach (MockValue member in value.Parts)
                {
                    if (member.Type == MockType.None)
                        continue;
                    _text.Append(comma).Append(Quote(member.Name!)).Append(':');
                    WriteJson(member);
                    comma = ",";
                }

                _text.Append(comma == "{" ? "{}" : "}");
                break;
            case MockType.Array:
                int count = value.Parts[0].Type == MockType.None ? 0 : 1 + draws.Below(ItemsMax);
                for (int i = 0; i < count; i++)
                {
                    _text.Append(i == 0 ? '[' : ',');
                    WriteJson(value.Parts[0]);
                }

                _text.Append(count == 0 ? "[]" : "]");
                break;
            case MockType.String:
                _text.Append(Quote(Scalar(value)));
                break;
            default:
                _text.Append(Scalar(value));
                break;
        }
    }

    private void WriteXml(MockValue value)
    {
        switch (value.Type)
        {
            case MockType.None:
                break;
            case MockType.Array:
                for (int count = 1 + draws.Below(ItemsMax); count > 0; count--)
                    WriteXml(value.Parts[0]);
                break;
            case MockType.Object:
                _text.Append('<').Append(value.Name).Append(">\n");
                foreach (MockValue member in value.Parts)
                    WriteXml(member);
                _text.Append("</").Append(value.Name).Append(">\n");
                break;
            default:
                _text.Append('<').Append(value.Name).Append('>').Append(SecurityElement.Escape(Scalar(value))).Append("</").Append(value.Name).Append(">\n");
                break;
        }
    }

    private string Scalar(MockValue value) => value.Example ?? value.Type switch
    {
        MockType.String => Letters(),
        MockType.Number => (draws.Fraction() * NumberMax).ToString("G14", CultureInfo.InvariantCulture),
        MockType.Integer => (1 + draws.Below(NumberMax)).ToString(CultureInfo.InvariantCulture),
        _ => draws.Below(2) == 0 ? "false" : "true",
    };

    private string Letters()
    {
        Span<char> letters = stackalloc char[1 + draws.Below(LettersMax)];
        foreach (ref char letter in letters)
            letter = (char)('a' + draws.Below(26));
        return new string(letters);
    }

    private static string Quote(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
}
