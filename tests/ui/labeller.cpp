#include "tests/ui/labeller.h"

#include "ui/project_session.h"
#include "ui/texts.h"

#include <QCoreApplication>
#include <QTimer>
#include <algorithm>
#include <random>
#include <unistd.h>

namespace whisker::test {

namespace {

void tell(Told kind, const std::string &text)
{
    std::string message(1, static_cast<char>(kind));
    const auto size = static_cast<std::uint32_t>(text.size());
    message.append(reinterpret_cast<const char *>(&size), sizeof size);
    message += text;
    for (std::size_t sent = 0; sent < message.size();) {
        const auto count = ::write(STDOUT_FILENO, message.data() + sent, message.size() - sent);
        if (count <= 0)
            ::_exit(1); // nobody listens any more
        sent += static_cast<std::size_t>(count);
    }
}

class Labeller : public QObject {
    Q_OBJECT
public:
    Labeller(std::filesystem::path root, unsigned seed) : m_root(std::move(root)), m_random(seed)
    {
        connect(&m_session, &ProjectSession::opened, this, [this] { show(Told::Done); });
        connect(&m_session, &ProjectSession::changed, this, &Labeller::look);
        connect(&m_session, &ProjectSession::imagesChanged, this, &Labeller::look);
        connect(&m_session, &ProjectSession::importProgressed, this, [this] {
            tell(Told::Shown, textOf(m_session.state()));
            if (!m_isDone)
                next();
        });
        connect(&m_session, &ProjectSession::importFinished, this, [this] { show(Told::ImportDone); });
        for (auto signal : {&ProjectSession::failed, &ProjectSession::openFailed})
            connect(&m_session, signal, this, [](const QString &sentence) { tell(Told::Failed, sentence.toStdString()); });
        tell(Told::Begins, {});
        m_session.open(m_root / "project", ProjectSession::Missing::Create);
    }

private:
    /// Something has changed on show: is it what was wanted?
    void look()
    {
        if (!m_isDone || !m_isDone())
            return;
        m_isDone = {};
        show(Told::Done);
    }

    void show(Told kind)
    {
        tell(kind, textOf(m_session.state()));
        QTimer::singleShot(0, this, [this] {
            if (!m_isDone)
                next();
        });
    }

    void want(const std::string &words, std::function<bool()> isDone)
    {
        m_isDone = std::move(isDone);
        tell(Told::Wants, words);
    }

    std::size_t below(std::size_t count) { return m_random() % count; }

    void next()
    {
        const auto &state = m_session.state();
        const auto dice = below(20);
        const bool hasWork = state.classes.size() >= 2 && !state.images.empty();
        if (!m_session.isImporting() && (!hasWork || dice == 0))
            import();
        else if (!hasWork)
            return; // the import goes on and will bring some
        else if (m_session.isImporting() || dice < 11)
            label();
        else if (dice < 15 && m_session.canUndo())
            undo(true);
        else if (dice < 17 && m_session.canRedo())
            undo(false);
        else if (dice == 17)
            labelNew();
        else if (dice == 18 && state.classes.size() > 4)
            removeClass();
        else
            exclude();
    }

    void import()
    {
        const std::string name = "in" + std::to_string(below(4));
        tell(Told::WantsImport, name);
        m_session.importPaths({displayText(m_root / name)});
    }

    std::vector<ImageId> somePictures()
    {
        const auto &images = m_session.state().images;
        std::vector<ImageId> ids;
        const auto first = below(images.size()), count = 1 + below(12);
        for (std::size_t i = first; i < std::min(first + count, images.size()); ++i)
            ids.push_back(images[i].id);
        return ids;
    }

    static std::string numbers(const std::vector<ImageId> &ids)
    {
        std::string text;
        for (const auto id : ids)
            text.append(1, ' ').append(std::to_string(id));
        return text;
    }

    std::string labelOf(ImageId id) const
    {
        const auto *picture = m_session.image(id);
        const auto *label = picture && picture->label ? m_session.classRecord(*picture->label) : nullptr;
        return label ? label->name : std::string();
    }

    void label()
    {
        const auto ids = somePictures();
        const auto &classes = m_session.state().classes;
        auto k = below(classes.size());
        if (labelOf(ids[0]) == classes[k].name)
            k = (k + 1) % classes.size();
        const auto name = classes[k].name;
        const auto id = classes[k].id;
        want("label " + name + numbers(ids), [=, this] { return std::ranges::all_of(ids, [&](ImageId each) { return labelOf(each) == name; }); });
        m_session.setLabel(ids, id);
    }

    void labelNew()
    {
        const auto ids = somePictures();
        const std::string name = "class" + std::to_string(m_random() % 1'000'000'000);
        want("label " + name + numbers(ids), [=, this] { return labelOf(ids.back()) == name; });
        m_session.setLabel(ids, fromUtf8(name));
    }

    void exclude()
    {
        const auto ids = somePictures();
        const bool excluded = !m_session.image(ids[0])->excluded;
        want((excluded ? "exclude" : "include") + numbers(ids), [=, this] { return m_session.image(ids[0])->excluded == excluded; });
        m_session.setExcluded(ids, excluded);
    }

    void removeClass()
    {
        const auto record = m_session.state().classes[below(m_session.state().classes.size())];
        want("remove " + record.name, [=, this] { return !m_session.classRecord(record.id); });
        m_session.removeClass(record.id);
    }

    void undo(bool back)
    {
        const auto before = m_session.state().number;
        want(back ? "undo" : "redo", [=, this] { return m_session.state().number > before; });
        if (back)
            m_session.undo();
        else
            m_session.redo();
    }

    const std::filesystem::path m_root;
    std::mt19937 m_random;
    std::function<bool()> m_isDone; // while a change is under way
    ProjectSession m_session;
};

} // namespace

std::string textOf(const ProjectState &state)
{
    const auto nameOf = [&](const std::optional<ClassId> &label) -> std::string {
        const auto place = std::ranges::find(state.classes, label.value_or(0), &ClassRecord::id);
        return place == state.classes.end() ? "-" : place->name;
    };
    std::string text;
    for (const auto &record : state.classes)
        text += "class " + record.name + "\n";
    for (const auto &picture : state.images) {
        text += "picture " + std::to_string(picture.id) + " " + picture.file().parent_path().filename().native() + "/" + picture.name + " " +
                (picture.split ? std::to_string(static_cast<int>(*picture.split)) : "-") + (picture.excluded ? " out " : " in ") +
                nameOf(picture.label) + "\n";
    }
    return text + "undo " + state.history.undo.value_or("") + "\nredo " + state.history.redo.value_or("") + "\n";
}

int runLabeller(const std::filesystem::path &root, unsigned seed)
{
    int count = 0;
    QCoreApplication application(count, nullptr);
    const Labeller labeller(root, seed);
    return QCoreApplication::exec();
}

} // namespace whisker::test

#include "labeller.moc"
